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

describe('what stands apart on a page is no one word', () => {
  test('by elements of old pages, by those that pages define themselves, and by a style [documents:load]', async () => {
    expect(await shown('<center>Harbour news</center>Body<menu><li>a<li>b</menu><dir><li>c</dir>d')).toBe('Harbour news\nBody\na\nb\nc\nd')
    expect(await shown('<my-card><card-title>Lamp</card-title><card-text>Lit</card-text></my-card> a<span>b</span>')).toBe('Lamp Lit ab')
    expect(await shown('<span style="display:block">One</span><a style="color: red; display: inline-block">two</a><b style="display:inline-block">thr<b style="display:inline">ee</b></b>')).toBe('One\ntwo three')
    expect(await shown('<video>shown</video>beside <object>an object</object>this <canvas>drawn</canvas>here')).toBe('shown beside an object this drawn here')
    expect(await shown('<xmp>a <b>\n  c</xmp><listing>d</listing>e')).toBe('a <b>\n  c\nd\ne')
  })

  test('but what such an element holds of a word or a number is of it [documents:load]', async () => {
    expect(await shown('<p>Two <gloss-term>container</gloss-term>s (<relative-time>Jan 1</relative-time>), at <span style="display:inline-block">12</span>,50 un<x-mark>break</x-mark>able')).toBe('Two containers (Jan 1), at 12,50 unbreakable')
  })

  test('but for code, whose lines and signs stand as they are written [documents:load]', async () => {
    expect(await shown('<pre><code><span style="display:flex;"><span>import os\n</span></span><span style="display:flex;"><span>\n</span></span><span style="display:flex;"><span>run()\n</span></span></code></pre>')).toBe('import os\n\nrun()')
    expect(await shown('<pre>foo<x-tok>(</x-tok><x-tok>1</x-tok>)<del>2</del>3</pre><p><x-a>lit</x-a><x-a>out</x-a>')).toBe('foo(1)23\nlit out')
  })

  test('rows of tables that nothing begins but a cell [documents:load]', async () => {
    expect(await shown('<table><td>rope<td>12<tr><td>nails<td>3</table>')).toBe('rope | 12\nnails | 3')
    expect(await shown('<table><tbody><th>a</th><th>b</th></tbody><tr><td>c</td><td><table><td>d<td>e</table></td></tr><td>f</td><td>g</td></table>h')).toBe('a | b\nc | d, e\nf | g\nh')
  })

  test('rows and cells whose ends a page leaves out, as it may [documents:load]', async () => {
    expect(await shown('<table><caption>Stock<thead><tr><th>Item<th>Sum<tbody><tr><td>rope<td>12<tr><td>nails<td>3<tfoot><tr><td>all<td>15</table>end')).toBe('Stock\nItem | Sum\nrope | 12\nnails | 3\nall | 15\nend')
    expect(await shown('<table><tr><td><p>rope<td><b>12<tr><td><p>nails<td>3<td><table><tr><td>S<td>1<tr><td>M<td>2</table><td>shed</table>')).toBe('rope | 12\nnails | 3 | S, 1; M, 2 | shed')
    expect(await shown('<table><tr><td rowspan=2>rope<td>S<tr><td>M</table>')).toBe('rope | S\nrope | M')
  })

  test('a power that is raised by its style alone [documents:load]', async () => {
    expect(await shown('<p>10<span style="vertical-align: super">6</span> and treaty<span style="font-size:9px;vertical-align:super">3</span>, 5<span style="vertical-align:middle">7</span>')).toBe('10^6 and treaty [3], 57')
  })
})

test('what a page never closes, or closes as XHTML does, costs none of what follows [documents:load]', async () => {
  expect(await shown('<title>Harbour<title><p>Lamp</p><p>Lit</p>')).toBe('Harbour\nLamp\nLit')
  expect(await shown('<p>above</p><iframe src="a.html"><p>below</p><p>and more</p>')).toBe('above\nbelow\nand more')
  expect(await shown('<html><head><title/><script src="a.js" /></head><body>Lamp<iframe src="b.html"/><p>Lit</p><textarea/><p>Out</p></body></html>')).toBe('Lamp\nLit\nOut')
  expect(await shown('<frameset><frame src="a.html"><noframes><body>No <b>frames</b></body></noframes></frameset>')).toBe('No frames')
  expect(await shown('<title>Harbour</title><iframe src="a.html">none</iframe><p>Lit')).toBe('Lit')
})
