import { Differences } from './differences.tsx'
import type { Meanwhile } from './use-change.ts'

export function MeanwhileNotice({ meanwhile: { version, differences } }: { readonly meanwhile: Meanwhile }) {
  return (
    <div class="meanwhile" role="status">
      <p>
        Meanwhile it was changed by somebody else (version {version}). What you have written here stays; if you save, it comes on top of this:
      </p>
      <Differences of={differences} />
    </div>
  )
}
