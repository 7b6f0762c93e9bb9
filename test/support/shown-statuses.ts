import { defaultPayloadConverter } from '@temporalio/common'
import type { Client } from '@temporalio/client'
import { handlerNames } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { statusAttribute } from '../../src/protocol/search-attributes.ts'
import { runsOf } from '../replay/runs-of.ts'

/** What operators were shown of an agent, in order, from the first event of its oldest run: each is an event of a history. */
export async function shownStatuses(temporal: Client, agentId: string): Promise<readonly string[]> {
  // A turn's record is stored shortly before the task that ends the turn; a query comes after that.
  await temporal.workflow.getHandle(workflowIdOf(agentId)).query(handlerNames.state)
  const runs = await runsOf(temporal, workflowIdOf(agentId))
  return runs.flatMap(({ events }, run) =>
    (events ?? []).flatMap(({ workflowExecutionStartedEventAttributes: started, upsertWorkflowSearchAttributesEventAttributes: upserted }) => {
      const { indexedFields } = (run === 0 ? started : undefined)?.searchAttributes ?? upserted?.searchAttributes ?? {}
      const payload = indexedFields?.[statusAttribute.name]
      return payload == null ? [] : [defaultPayloadConverter.fromPayload<string>(payload)]
    }),
  )
}
