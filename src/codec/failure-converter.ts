/**
 * Puts message and stack of a failure into a payload, so that the codec encrypts them. Temporal loads this file by its path, into
 * workers, clients and (bundled) the sandbox of the workflows; so it imports nothing of ours and no Node.
 */
import { DefaultFailureConverter } from '@temporalio/common'

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
