import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js'

// Workers of one process run their workflows in one context, which each would make for itself: agents of all workers are as far apart in it as
// those of one worker are. To make it, and to compile the workflows in it, cost more than most tests.
const create = ReusableVMWorkflowCreator.create.bind(ReusableVMWorkflowCreator)
const made = new Map<string, ReturnType<typeof create>>()

ReusableVMWorkflowCreator.create = (bundle, timeoutMs, activities, onPatch) => {
  const key = JSON.stringify([timeoutMs, [...activities].sort(), bundle.code])
  const known = made.get(key) ?? kept(create(bundle, timeoutMs, activities, onPatch))
  made.set(key, known)
  return known as never
}

/** A worker that stops leaves it for the next one. */
async function kept(making: ReturnType<typeof create>): ReturnType<typeof create> {
  const creator = await making
  creator.destroy = () => Promise.resolve()
  return creator
}
