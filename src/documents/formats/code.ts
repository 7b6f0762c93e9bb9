import type { Parser, SyntaxNode } from '@lezer/common'
import { parser as cpp } from '@lezer/cpp'
import { parser as go } from '@lezer/go'
import { parser as java } from '@lezer/java'
import { parser as javascript } from '@lezer/javascript'
import { parser as php } from '@lezer/php'
import { parser as python } from '@lezer/python'
import { parser as rust } from '@lezer/rust'
import { headingSeparator, type Part } from '../part.ts'
import { lineCounter } from './text.ts'

const typescript = javascript.configure({ dialect: 'ts' })
const jsx = javascript.configure({ dialect: 'ts jsx' })

/** By extension. What has no parser here is read as text. */
const parsers: Readonly<Record<string, Parser>> = {
  ts: typescript, mts: typescript, cts: typescript, tsx: jsx, js: jsx, mjs: jsx, cjs: jsx, jsx,
  py: python, pyi: python, java, rs: rust, go, php,
  c: cpp, h: cpp, cc: cpp, cpp, cxx: cpp, hh: cpp, hpp: cpp,
}

/** Characters above which a definition is split at the definitions within it. */
const large = 2_000

export const parserOf = (extension: string): Parser | undefined => parsers[extension]

/** Definitions with the comments above them: functions, classes and what else stands on the outermost level; large ones by their members. */
export function codeParts(text: string, parser: Parser): Part[] {
  const lineOf = lineCounter(text)
  const parts: Part[] = []

  const add = (from: number, to: number, path: readonly string[]): void => {
    const piece = text.slice(from, to)
    if (piece.trim() === '') return
    // Blank lines at the front are dropped, and so is the rest of a line that is taken already.
    const blank = /^(?:[ \t]*\n)*/.exec(piece)?.[0].length ?? 0
    parts.push({ text: piece.slice(blank), firstLine: lineOf(from + blank), ...(path.length > 0 && { heading: path.join(headingSeparator) }) })
  }
  /** Children of a node, each with what stands between it and the one before it. */
  const addChildren = (node: SyntaxNode, from: number, to: number, path: readonly string[]): void => {
    let taken = from
    for (let child = node.firstChild; child; child = child.nextSibling) {
      // Comments belong to what follows them.
      if (child.from < from || child.to > to || isComment(child) || child.to - child.from < 2) continue
      const name = nameOf(child, text)
      const inner = name === undefined ? path : [...path, name]
      const body = child.to - child.from > large ? bodyOf(child) : undefined
      if (body === undefined) add(taken, child.to, inner)
      else {
        add(taken, body.from, inner)
        addChildren(body, body.from, child.to, inner)
      }
      taken = child.to
    }
    add(taken, to, path)
  }
  addChildren(parser.parse(text).topNode, 0, text.length, [])
  return parts
}

const isComment = ({ name }: SyntaxNode): boolean => name.includes('Comment')

/** The part of a class (or of what wraps it: an export, a decorator) that holds its members. */
function bodyOf(node: SyntaxNode): SyntaxNode | undefined {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (/^(?:ClassBody|InterfaceBody|EnumBody|DeclarationList|FieldDeclarationList|ImplBody|TraitBody|Body)$/.test(child.name)) return child
    if (/(?:Declaration|Definition|Specifier|Item)$/.test(child.name)) {
      const inner = bodyOf(child)
      if (inner !== undefined) return inner
    }
  }
  return undefined
}

/** The name of a definition: one that the grammar marks as a definition, else the first name before the body. */
function nameOf(node: SyntaxNode, text: string): string | undefined {
  if (/Import|Package|Using|Include|Preproc|ExpressionStatement/.test(node.name)) return undefined
  const found = firstNamed(node, definitionPattern) ?? firstNamed(node, namePattern)
  return found && text.slice(found.from, found.to)
}

const definitionPattern = /^(?:VariableDefinition|TypeDefinition|PropertyDefinition|PrivatePropertyDefinition|BoundIdentifier|Definition|DefName)$/
const namePattern = /^(?:VariableName|TypeName|TypeIdentifier|Identifier|FieldIdentifier|Name|FieldName)$/
/** Nodes of the syntax tree between a declaration and the name that it declares. */
const wrapperPattern = /(?:Declaration|Definition|Declarator|Spec|Specifier|Item)$/

function firstNamed(node: SyntaxNode, pattern: RegExp): SyntaxNode | undefined {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (pattern.test(child.name)) return child
    if (wrapperPattern.test(child.name) && !/Return|Parameter/.test(child.name)) {
      const inner = firstNamed(child, pattern)
      if (inner !== undefined) return inner
    }
  }
  return undefined
}
