import { describe, expect, test } from 'vitest'
import { pages } from '../../page/src/memory/pages.ts'

/** A list of the server that changes while it is read. */
function list(size: number, present: () => readonly number[]) {
  return pages<number>(size, (item) => item, async ({ offset, limit }) => ({ items: present().slice(offset, offset + limit) }))
}

describe('more of a list', () => {
  test('is shown though so much was put before the rest that a whole page comes once more [web:page]', async () => {
    let present = [4, 5, 6, 7]
    const shown = list(2, () => present)
    await shown.next()
    present = [2, 3, ...present]
    await shown.next()
    expect(shown.items.value).toEqual([4, 5, 6, 7])
    await shown.next()
    expect(shown.more.value).toBe(false)
    await shown.again()
    expect(shown.items.value.toSorted()).toEqual(present)
  })

  test('is asked for anew, however much is shown, in parts that a server gives [web:page]', async () => {
    const present = Array.from({ length: 2_500 }, (_, index) => index)
    const limits: number[] = []
    const shown = pages<number>(900, (item) => item, async ({ offset, limit }) => {
      limits.push(limit)
      return { items: present.slice(offset, offset + limit) }
    })
    for (let times = 0; times < 3; times += 1) await shown.next()
    expect([shown.items.value, shown.more.value]).toEqual([present, false])
    present.unshift(-1)
    await shown.again()
    expect([shown.items.value, shown.more.value]).toEqual([present, false])
    expect(Math.max(...limits)).toBeLessThanOrEqual(1_000)
  })

  test('follows a page of which everything was deleted [web:page]', async () => {
    const present = [undefined, undefined, 3, undefined, undefined, 6]
    const shown = pages<number>(2, (item) => item, async ({ offset, limit }) => ({ items: present.slice(offset, offset + limit).filter((item) => item !== undefined), more: offset + limit < present.length }))
    await shown.next()
    expect(shown.items.value).toEqual([3])
    await shown.next()
    expect([shown.items.value, shown.more.value]).toEqual([[3, 6], false])
  })
})
