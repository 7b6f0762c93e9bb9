import { describe, expect, test } from 'vitest'
import { textIn } from './parse-document.ts'

const shown = async (html: string): Promise<string> => textIn('a.html', html)

describe('what a page raises', () => {
  test('ends with the element that began it [documents:load]', async () => {
    expect(await shown('<p>as shown<sup><a href="#1">1</a>,<a href="#2">2</a></sup> today')).toBe('as shown [1,2] today')
    expect(await shown('<p>as shown<a role="doc-noteref" href="#1"><sup>1</sup></a> today')).toBe('as shown [1] today')
    expect(await shown('<p>as shown<span epub:type="noteref">1</span> in 10<sup>6</sup> cases')).toBe('as shown [1] in 10^6 cases')
    expect(await shown('<p>as shown<span role="doc-noteref"><a href="#1">1</a></span>, 7 in <a href="#2">all</a>')).toBe('as shown [1], 7 in all')
    expect(await shown('<p>never<sup>1 closed<p>as shown<sup>2</sup> today')).toMatch(/as shown \[2\] today/)
  })
})

describe('entries of lists have the numbers that a browser shows', () => {
  test('also where they count down, or say nothing of where they begin [documents:load]', async () => {
    expect(await shown('<ol reversed><li>a<ol><li>b</li></ol></li><li>c<ul><li>d</li></ul></li><li>e</li></ol>')).toBe('3. a\n1. b\n2. c\nd\n1. e')
    expect(await shown('<ol reversed start="9"><li>a<li>b</ol>')).toBe('9. a\n8. b')
    expect(await shown('<ol start=""><li>a</ol><ol start="x"><li>b</ol><ol start=" 4th"><li>c<li value="">d</ol>')).toBe('1. a\n1. b\n4. c\n5. d')
  })
})

test('pages in frames of pages are read as far as people write them, and no further [documents:load]', async () => {
  const framed = (html: string): string => `<p>in a page</p><iframe srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
  let html = ''
  for (let frames = 0; frames < 12; frames += 1) html = framed(html)
  expect(await shown(html)).toBe('in a page\n'.repeat(4).trim())
})
