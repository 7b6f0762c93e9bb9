import { PerdureError } from '../../../clients/typescript/src/index.ts'

export const problemText = (error: unknown): string => (error instanceof Error ? error.message : String(error))
export const codeOf = (error: unknown): string | undefined => (PerdureError.isInstance(error) ? error.code : undefined)

/** Nobody has answered, or whoever did can do nothing now: asked again later, it may be done. */
const awayCodes: ReadonlySet<string> = new Set(['server-unavailable', 'store-full', 'no-worker', 'rate-limited', 'shutting-down'])
export const isAway = (error: unknown): boolean => awayCodes.has(codeOf(error) ?? '')

/** What went wrong, in the server's words, and a way to go on. */
export function Problem({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const code = codeOf(error)
  return (
    <div class="problem" role="alert">
      <span>
        {problemText(error)} {code !== undefined && <code>{code}</code>}
      </span>
      {again !== undefined && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  )
}
