import { Component, type ComponentChildren, type JSX } from 'preact'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { Token, Tokens } from 'marked'
import { Copy } from './copy.tsx'
import { directionOf } from './direction.ts'
import { withoutEntities } from './entities.ts'
import { blocksOf, growingBlocks } from './growing-blocks.ts'
import { LongText } from './long-text.tsx'
import { selectionWithin } from './selection.ts'
import { cut, shown } from './shown.ts'

/** What is longer is shown as it is. */
const mostCharacters = 30_000

/** A model's text. Nothing in it runs, nothing is fetched for it, and each link says where it goes. @param growing it is being written */
export function Markdown({ text, growing = false }: { readonly text: string; readonly growing?: boolean }) {
  const read = useMemo(() => (growing ? growingBlocks() : blocksOf), [growing])
  const box = useRef<HTMLDivElement>(null)
  // Read before the texts grow, and put back once they have.
  const restore = growing && box.current !== null ? selectionWithin(box.current) : undefined
  useLayoutEffect(() => restore?.())
  const tokens = useMemo(() => (text.length > mostCharacters ? undefined : read(text)), [text, read])
  if (tokens === undefined) return <LongText text={text} />
  return (
    <div class="markdown" ref={box}>
      {tokens.map((token, index) => (
        <Block key={index} token={token} />
      ))}
    </div>
  )
}

/** While a text grows its last block changes; those before it stay. */
class Block extends Component<{ readonly token: Token }> {
  override shouldComponentUpdate({ token }: { readonly token: Token }): boolean {
    return token.raw !== this.props.token.raw || token.type !== this.props.token.type
  }

  override render(): ComponentChildren {
    return blockOf(this.props.token)
  }
}

function blockOf(token: Token): ComponentChildren {
  switch (token.type) {
    case 'space':
      return null
    case 'def':
      return <Definition {...(token as Tokens.Def)} />
    case 'heading': {
      // Of the page's own headings the lowest is the second.
      const Heading = `h${Math.min(6, (token as Tokens.Heading).depth + 2)}` as 'h3'
      return <Heading dir="auto">{inline(token)}</Heading>
    }
    case 'paragraph':
      return <p dir="auto">{inline(token)}</p>
    case 'code':
      return <Code {...(token as Tokens.Code)} />
    case 'blockquote':
      return <blockquote dir={directionOf((token as Tokens.Blockquote).text)}>{blocks((token as Tokens.Blockquote).tokens)}</blockquote>
    case 'list':
      return <List {...(token as Tokens.List)} />
    case 'table':
      return <Table {...(token as Tokens.Table)} />
    case 'hr':
      return <hr />
    case 'text':
    case 'checkbox':
      return inlineOf(token)
    default:
      if (lineBreaks.test(token.raw)) return null
      // HTML, and whatever else there may be, is text.
      return <p dir="auto">{shown(token.raw)}</p>
  }
}

/** The only word of HTML that is more than text: models write it in tables, which have no other end of a line. */
const lineBreak = /^<br\s*\/?>$/i
const lineBreaks = /^(?:\s*<br\s*\/?>)+\s*$/i

/** Where a reference leads. No link need name it, and a list of sources often has none that does. */
function Definition({ raw, href, title = '' }: Omit<Tokens.Def, 'title'> & { readonly title?: string }) {
  const [name = ''] = /^\s*\[[^\]]*\]/.exec(raw) ?? []
  return (
    <p class="muted" dir="auto">
      {shown(name.trim())} <Outside href={href}>{shown(withoutEntities(href))}</Outside>
      {title !== '' && ` “${shown(withoutEntities(title))}”`}
    </p>
  )
}

const blocks = (tokens: readonly Token[]): ComponentChildren => tokens.map((token) => blockOf(token))

function Code({ text, lang = '' }: Tokens.Code) {
  return (
    <figure class="code">
      <figcaption>
        <span>{shown(cut(lang, 40)) || 'text'}</span>
        <Copy text={text} what="the code" />
      </figcaption>
      <LongText text={text} code />
    </figure>
  )
}

function List({ ordered, start, items, raw }: Tokens.List) {
  const dir = directionOf(raw)
  const numbers = ordered ? numbersOf(items, start === '' ? 1 : start) : []
  const content = items.map((item, index) => <li key={index} value={numbers[index]}>{blocks(item.tokens)}</li>)
  if (!ordered) return <ul dir={dir}>{content}</ul>
  // Numbers stand before the text: long ones need more room there.
  const digits = String(Math.max(...numbers)).length
  return <ol dir={dir} style={digits > 1 ? { paddingInlineStart: `calc(${digits}ch + 0.9rem)` } : undefined}>{content}</ol>
}

/**
 * As they were written: a countdown, or places of which some are left out, would be told as something else by numbers that ascend. Where all are the same,
 * as in `1. 1. 1.`, whoever wrote them left the counting to whoever shows them.
 */
function numbersOf(items: readonly Tokens.ListItem[], start: number): readonly number[] {
  const written = items.map(({ raw }, index) => Number(/^\s*(\d{1,9})[.)]/.exec(raw)?.[1] ?? start + index))
  return written.every((number) => number === start) ? written.map((_, index) => start + index) : written
}

function Table({ header, rows, raw }: Tokens.Table) {
  const cell = (Cell: 'th' | 'td') => ({ tokens, align }: Tokens.TableCell, index: number) => (
    <Cell key={index} dir="auto" class={`to-${align ?? 'start'}`}>
      {inlines(tokens)}
    </Cell>
  )
  return (
    <div class="scrolls" tabIndex={0}>
      <table dir={directionOf(raw)}>
        <thead>
          <tr>{header.map(cell('th'))}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{row.map(cell('td'))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const inline = (token: Token): ComponentChildren => ('tokens' in token ? inlines(token.tokens) : shown(withoutEntities('text' in token ? String(token.text) : token.raw)))
const inlines = (tokens: readonly Token[]): ComponentChildren => tokens.map(inlineOf)

function inlineOf(token: Token): ComponentChildren {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token)}</strong>
    case 'em':
      return <em>{inline(token)}</em>
    case 'del':
      return <del>{inline(token)}</del>
    case 'codespan':
      return <code>{shown((token as Tokens.Codespan).text)}</code>
    case 'br':
      return <br />
    case 'checkbox': {
      const { checked } = token as Tokens.Checkbox
      return <input type="checkbox" checked={checked} disabled aria-label={checked ? 'done' : 'to do'} />
    }
    case 'link': {
      const { href, tokens } = token as Tokens.Link
      // A picture that is a link leads to one place, as no link is within another one.
      return <Outside href={href}>{tokens.map((part) => (part.type === 'image' ? imageText(part as Tokens.Image) : inlineOf(part)))}</Outside>
    }
    case 'image':
      // To show it would tell another host that it is read, and when.
      return <Outside href={(token as Tokens.Image).href}>{imageText(token as Tokens.Image)}</Outside>
    case 'escape':
      return shown((token as Tokens.Escape).text)
    case 'text':
      return inline(token)
    default:
      return lineBreak.test(token.raw) ? <br /> : shown(token.raw)
  }
}

const imageText = ({ text }: Tokens.Image): string => `image: ${shown(text === '' ? 'without a description' : withoutEntities(text))}`

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** A link of somebody else: its text may say anything, so beside it stands where it goes. */
function Outside({ href: written, children }: { readonly href: string; readonly children?: ComponentChildren }): JSX.Element {
  const href = withoutEntities(written)
  const target = URL.canParse(href) ? new URL(href) : undefined
  if (target === undefined || !schemes.has(target.protocol)) {
    return (
      <bdi>
        {children} <span class="muted">({shown(href.slice(0, 200))})</span>
      </bdi>
    )
  }
  const goesTo = target.protocol === 'mailto:' ? target.pathname : target.host
  return (
    <bdi>
      <a href={target.href} target="_blank" rel="noopener noreferrer nofollow" title={target.href}>
        {children}
      </a>{' '}
      <span class="muted where">({shown(goesTo)})</span>
    </bdi>
  )
}
