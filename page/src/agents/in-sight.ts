export interface InSight {
  /** Told whether the element is in sight, now and whenever that changes; gives what ends it. */
  watch(element: Element, told: (now: boolean, height: number) => void): () => void
}

/** One watcher for all parts of a list: one for each would cost more than the list. @param around so many pixels beyond what one sees count too */
export function inSight(around = 0): InSight {
  const told = new Map<Element, (now: boolean, height: number) => void>()
  let watcher: IntersectionObserver | undefined
  const tell = (entries: readonly IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting, boundingClientRect: { height } } of entries) told.get(target)?.(isIntersecting, height)
  }
  return {
    watch: (element, work) => {
      told.set(element, work)
      watcher ??= new IntersectionObserver(tell, { root: element.closest('.sheet'), rootMargin: `${around}px` })
      watcher.observe(element)
      return () => {
        told.delete(element)
        watcher?.unobserve(element)
      }
    },
  }
}
