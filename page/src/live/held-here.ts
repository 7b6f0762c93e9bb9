/** Over plain HTTP a page has no locks: then no tab knows of another one. */
const locks = (): LockManager | undefined => (navigator as { readonly locks?: LockManager }).locks

/** A page that is left asks for nothing any more. */
const pageGone = (): void => undefined

const lockOf = (id: string): string => `perdure.${id}`

/** Lets other tabs know that this one is at it until the work is done, or the tab is gone. */
export function holdHere(id: string, work: Promise<unknown>): void {
  void locks()?.request(lockOf(id), () => work).catch(pageGone)
}

/** What one tab keeps is known in others before it is known there that it holds it. */
const knownMs = 500

/** Told once no tab is at it any more; soon where that can't be known. */
export function onceLetGo(id: string, told: () => void): void {
  const present = locks()
  setTimeout(() => {
    if (present === undefined) told()
    else void present.request(lockOf(id), told).catch(pageGone)
  }, knownMs)
}
