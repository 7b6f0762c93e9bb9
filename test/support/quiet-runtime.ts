import { DefaultLogger, Runtime } from '@temporalio/worker'

// The one of this process, for all files of tests that run in it. Agents are terminated in the middle of their work when a test is over;
// that their workers notice is no news.
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } } })
