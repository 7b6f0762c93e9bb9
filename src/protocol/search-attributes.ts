import { defineSearchAttributeKey } from '@temporalio/common'

/** `live` or `parked`: what an operator filters by in Temporal's Web UI. Only changes of it cost history. */
export const statusAttribute = defineSearchAttributeKey('PerdureStatus', 'KEYWORD')
export const modelAttribute = defineSearchAttributeKey('PerdureModel', 'KEYWORD')
