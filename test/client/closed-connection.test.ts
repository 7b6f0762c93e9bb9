import { Connection } from '@temporalio/client'
import { expect, test } from 'vitest'
import { quickRetries } from '../../src/client/grpc-retries.ts'

test('a call that waits for its next try when the connection is closed fails for its caller, and for nobody else [client:sdk]', async () => {
  // Nobody listens there, so that each try fails at once.
  const connection = Connection.lazy({ address: '127.0.0.1:9', interceptors: quickRetries })
  const failed = expect(connection.workflowService.getSystemInfo({})).rejects.toThrow('the connection was closed')
  await new Promise((resolve) => setTimeout(resolve, 200))
  await connection.close()
  await failed
  await expect(connection.workflowService.getSystemInfo({})).rejects.toThrow('shut down')
})
