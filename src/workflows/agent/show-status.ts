import { upsertSearchAttributes } from '@temporalio/workflow'
import { statusAttribute } from '../../protocol/search-attributes.ts'

/** What operators filter agents by. Each change is an entry of the history. */
export function showStatus(status: 'live' | 'parked'): void {
  upsertSearchAttributes([{ key: statusAttribute, value: status }])
}
