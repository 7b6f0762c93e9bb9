import type { AccessKey, HttpClient } from '../../../clients/typescript/src/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useDoing } from '../parts/doing.ts'
import { FormEnd } from '../parts/form-end.tsx'

interface RevokeKeyProps {
  readonly client: HttpClient
  readonly accessKey: AccessKey
  /** This page asks with it. */
  readonly own: boolean
  readonly onClose: (done: boolean) => void
}

export function RevokeKey({ client, accessKey: { id, name }, own, onClose }: RevokeKeyProps) {
  const doing = useDoing()
  const revoke = async (): Promise<void> => {
    const done = await doing.run(async () => {
      await client.revokeAccessKey(id)
      return `The key ${name} is revoked.`
    })
    if (done) onClose(true)
  }
  return (
    <Dialog title={`Revoke ${name}?`} onClose={() => onClose(false)}>
      <div class="stacked">
        <p>Whoever has it is refused from then on, for good: by every server within five seconds.</p>
        {own && <p class="warn">This page asks with this key. It will ask you for another one.</p>}
        <FormEnd send="Revoke for good" onSend={() => void revoke()} unsendable={doing.busy.value} dangerous leave="Keep it" onLeave={() => onClose(false)} problem={doing.problem.value} />
      </div>
    </Dialog>
  )
}
