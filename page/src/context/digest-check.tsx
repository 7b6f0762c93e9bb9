import type { StepPrompt } from '../../../clients/typescript/src/index.ts'
import { Copy } from '../parts/copy.tsx'
import { shown } from '../parts/shown.ts'

/** Whether the prompt that is shown is the very one that the model had. */
export function DigestCheck({ prompt: { exact, digest, missing } }: { readonly prompt: StepPrompt }) {
  if (exact) {
    return (
      <p class="check is-exact">
        <strong>✓ The very prompt.</strong> Made again of what is stored, its digest is the one that the step has kept: <code>{digest.kept.slice(0, 16)}…</code> <Copy text={digest.kept} what="the digest" />
      </p>
    )
  }
  return (
    <div class="check is-other" role="alert">
      <p>
        <strong>✗ Not the prompt that the model had.</strong> The digest kept is <code>{digest.kept.slice(0, 16)}…</code>, that of what is shown below <code>{digest.rebuilt.slice(0, 16)}…</code>.
      </p>
      {missing.length === 0 ? <p>Something that it was made of has been altered.</p> : <p>Not in the stores any more: {missing.map((part) => shown(part)).join('; ')}.</p>}
    </div>
  )
}
