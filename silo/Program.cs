using Loire.Silo;

return await SiloProgram.Run(args);
