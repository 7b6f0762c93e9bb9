import type { AgentActivities } from '../protocol/activities.ts'
import type { AsideActivities } from '../protocol/aside.ts'
import { createAnswerAside } from './answer-aside.ts'
import { createAwaitStores } from './await-stores.ts'
import { createCallTool } from './call-tool.ts'
import { createCheckEdit } from './check-edit.ts'
import { createCompact } from './compact.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createEndTurn } from './end-turn.ts'
import { withFinalErrors } from './final-errors.ts'
import { createInfer } from './infer.ts'
import { createKeep } from './keep.ts'
import { madeSteps } from './made-steps.ts'
import { observedActivities } from './observed.ts'
import { createOpen } from './open/open.ts'
import { createRunCommand } from './run-command.ts'
import { createSettle } from './settle.ts'

/** Of an activity that fails with what is no error of ours; they take about six seconds. */
const attempts = 7

/** The activities that a worker registers; all that reaches out of the workflow goes through these. */
export function createActivities({ observe, ...dependencies }: ActivityDependencies): AgentActivities & AsideActivities {
  return withFinalErrors(observe === undefined ? activitiesOf(dependencies) : observedActivities(dependencies, observe, activitiesOf), { attempts })
}

function activitiesOf(dependencies: ActivityDependencies): AgentActivities & AsideActivities {
  const steps = madeSteps()
  return {
    open: createOpen(dependencies),
    infer: createInfer(dependencies, steps),
    callTool: createCallTool(dependencies),
    settle: createSettle(dependencies, steps),
    checkEdit: createCheckEdit(dependencies),
    endTurn: createEndTurn(dependencies),
    ...createKeep(dependencies),
    compact: createCompact(dependencies),
    runCommand: createRunCommand(dependencies),
    awaitStores: createAwaitStores(dependencies),
    answerAside: createAnswerAside(dependencies),
  }
}
