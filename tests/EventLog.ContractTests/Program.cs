using Loire.EventLog.ContractTests.PostgreSql;
using Xunit.Runner.InProc.SystemConsole;

// As a test starts it: another process that writes. Otherwise: the tests.
return args is [WriterProcess.Verb, var connection]
    ? await WriterProcess.Run(connection)
    : await ConsoleRunner.Run(args);
