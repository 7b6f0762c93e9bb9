import { getActivator } from '@temporalio/workflow/lib/global-attributes.js'

/** An object that each run has for itself and that ends with it, as a key for what belongs to the run where no state of it is at hand. */
export const thisRun = (): object => getActivator()
