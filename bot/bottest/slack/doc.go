// Package fakeslack is a Slack for tests: one workspace, one app. It speaks
// Socket Mode and HTTP mode, keeps channels, messages, modals and home tabs,
// refuses what Slack refuses, fails on demand, and lets people write, press
// buttons and fill in modals.
//
//	srv := fakeslack.New(fakeslack.Options{})
//	api, stop := srv.Start()                // on loopback; or Serve a listener
//	lee := srv.Member("Lee")
//	staff := srv.PrivateChannel("biometrics", lee)
//	lee.DM("hello")                         // an event for the app
//	m, err := lee.Next(ctx)                 // the app's next message, as Lee sees it
//	id, err := lee.Press("Claim")
//	d, err := srv.Outcome(ctx, id)          // acknowledged? in time? what was answered?
//	srv.Fail(fakeslack.Fault{Method: "chat.postMessage", Channel: staff.ID, Times: 1, Do: fakeslack.AfterDone})
//	srv.Redeliver()                         // whatever waits for its retry gets it now
//
// A program in another process is given api as its Web API's base address. All
// other addresses that it gets lead to the same listener. UseHTTP turns HTTP mode
// on.
//
// What the app should not send though Slack takes it, such as an unescaped text,
// is among the Violations; Controls lists what Slack would interpret in its
// texts. Nothing here is shared with the adapter that it tests.
package fakeslack
