using Loire.Simulation;

return await CommandLine.Run(args);
