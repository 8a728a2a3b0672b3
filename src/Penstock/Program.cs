using Penstock.Hosting;

KestrelSetup.PreferInlineCompletions();
return await FrontDoor.RunAsync(args);
