import { useEffect } from 'preact/hooks'

const askFirst = (event: BeforeUnloadEvent): void => event.preventDefault()

/** While a form has what is saved nowhere, the browser asks before it leaves the page or loads it anew. */
export function useUnsaved(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return
    addEventListener('beforeunload', askFirst)
    return () => removeEventListener('beforeunload', askFirst)
  }, [unsaved])
}
