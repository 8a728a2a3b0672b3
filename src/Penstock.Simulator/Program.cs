return await Penstock.Simulator.SimulatorCommand.RunAsync(args, CancellationToken.None);
