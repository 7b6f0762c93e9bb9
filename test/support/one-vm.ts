import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js'

// Workers of one process run their workflows in one context, which each would make for itself: agents of all workers are as far apart in it as
// those of one worker are. To make it, and to compile the workflows in it, cost more than most tests.
const create = ReusableVMWorkflowCreator.create.bind(ReusableVMWorkflowCreator)
const made = new Map<string, ReturnType<typeof create>>()

/**
 * How long a workflow may take in one go. With any such time Node starts and ends a thread that measures it for each call into the context, many for each message: it takes some
 * fifty times what the call takes. Code that never ended would hold the run, as it does for the ten minutes of a worker that users have.
 */
const unlimited = undefined as unknown as number

ReusableVMWorkflowCreator.create = (bundle, _timeoutMs, activities, onPatch) => {
  const key = JSON.stringify([[...activities].sort(), bundle.code])
  const known = made.get(key) ?? kept(create(bundle, unlimited, activities, onPatch))
  made.set(key, known)
  return known as never
}

/** A worker that stops leaves it for the next one. */
async function kept(making: ReturnType<typeof create>): ReturnType<typeof create> {
  const creator = await making
  creator.destroy = () => Promise.resolve()
  return creator
}
