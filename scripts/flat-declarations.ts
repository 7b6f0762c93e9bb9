/**
 * All that an entry declares in one file of declarations, which names no package: the types that its exports are made of, from wherever they
 * stand in this project, with their comments. A type that is made of a schema is written out.
 */
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

interface Found {
  readonly file: string
  readonly name: string
  readonly statements: readonly ts.Statement[]
}

const { NoTruncation, InTypeAlias, UseAliasDefinedOutsideCurrentScope } = ts.NodeBuilderFlags
const printing: ts.NodeBuilderFlags = NoTruncation | InTypeAlias | UseAliasDefinedOutsideCurrentScope

/** @throws Error for what needs a package, and for two declarations of one name */
export function flatDeclarations(root: string, entry: string): string {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as { readonly config: object }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram([entry], { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, stripInternal: true })
  const checker = program.getTypeChecker()
  const emitted = new Map<string, ts.SourceFile>()

  /** The declarations of a source. */
  const declared = (file: string): ts.SourceFile => {
    const known = emitted.get(file)
    if (known !== undefined) return known
    let text = ''
    program.emit(program.getSourceFile(file), (_, written) => (text = written), undefined, true)
    const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    emitted.set(file, parsed)
    return parsed
  }

  /** Where a name of a file is declared; undefined for one of the language or the platform. */
  const find = (file: string, name: string): Found | undefined => {
    const own = declared(file).statements.filter((statement) => namesOf(statement).includes(name))
    if (own.length > 0) return { file, name, statements: own }
    for (const statement of declared(file).statements) {
      if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) continue
      const original = specifiersOf(statement).find((specifier) => specifier.name.text === name)
      if (original === undefined) continue
      const specifier = (statement.moduleSpecifier as ts.StringLiteral).text
      if (!specifier.startsWith('.')) throw new Error(`${relative(root, file)} takes ${name} from ${specifier}: declarations are to name no package`)
      return find(join(dirname(file), specifier), (original.propertyName ?? original.name).text)
    }
    return undefined
  }

  const needed = new Map<string, { readonly file: string; readonly text: string }>()
  const need = (file: string, name: string): void => {
    const found = find(file, name)
    if (found === undefined) return
    const known = needed.get(found.name)
    if (known !== undefined && known.file !== found.file) throw new Error(`${found.name} is declared in ${relative(root, known.file)} and in ${relative(root, found.file)}: give one of them another name`)
    if (known !== undefined) return
    const made = found.statements.find((statement) => ts.isTypeAliasDeclaration(statement) && isMade(statement.type)) as ts.TypeAliasDeclaration | undefined
    const text = made === undefined ? found.statements.map((statement) => bare(statement)).join('\n') : writtenOut(found, made)
    needed.set(found.name, { file: found.file, text })
    const names = made === undefined ? found.statements.flatMap(namedIn) : namedIn(ts.createSourceFile('made.d.ts', text, ts.ScriptTarget.Latest, true))
    for (const other of new Set(names)) if (other !== found.name) need(found.file, other)
  }

  const writtenOut = ({ file, name }: Found, { typeParameters }: ts.TypeAliasDeclaration): string => {
    if (typeParameters !== undefined) throw new Error(`${name} of ${relative(root, file)} has parameters, and can't be written out`)
    const alias = program.getSourceFile(file)?.statements.find((statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === name) as ts.TypeAliasDeclaration
    const type = checker.typeToTypeNode(checker.getTypeAtLocation(alias.name), alias, printing)
    if (type === undefined) throw new Error(`${name} of ${relative(root, file)} can't be written out`)
    const written = ts.createPrinter().printNode(ts.EmitHint.Unspecified, type, alias.getSourceFile())
    if (written.includes('import(')) throw new Error(`${name} of ${relative(root, file)} holds types of other files: ${written.slice(written.indexOf('import(')).slice(0, 200)}`)
    return `${commentOf(alias, alias.getSourceFile())}type ${name} = ${written};`
  }

  const exported = declared(entry).statements.filter(ts.isExportDeclaration).flatMap(specifiersOf)
  for (const { name } of exported) need(entry, name.text)
  const isType = (text: string): boolean => /^(?:\/\*\*[^]*?\*\/\s*)?(?:interface|type) /.test(text)
  const all = exported.map(({ name }) => name.text).toSorted()
  const types = all.filter((name) => isType(needed.get(name)?.text ?? ''))
  const values = all.filter((name) => !types.includes(name))
  return `${Array.from(needed.values(), ({ text }) => text).join('\n\n')}\n\nexport { ${values.join(', ')} }\nexport type { ${types.join(', ')} }\n`
}

/** Made by a schema or a constant, which would come along. */
function isMade(node: ts.Node): boolean {
  return ts.isTypeQueryNode(node) || (ts.forEachChild(node, isMade) ?? false)
}

const commentOf = (node: ts.Node, file: ts.SourceFile): string =>
  (ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [])
    .filter(({ pos }) => file.text.startsWith('/**', pos))
    .slice(-1)
    .map(({ pos, end }) => `${file.text.slice(pos, end)}\n`)
    .join('')

/** The statement without `export`: what is exported is listed at the end. */
function bare(statement: ts.Statement): string {
  const file = statement.getSourceFile()
  const text = statement.getText(file).replace(/^export /, '')
  const needsDeclare = (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement) || ts.isVariableStatement(statement)) && !text.startsWith('declare ')
  return `${commentOf(statement, file)}${needsDeclare ? 'declare ' : ''}${text}`
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText())
  const named = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)
  return named && statement.name !== undefined ? [statement.name.text] : []
}

function specifiersOf(statement: ts.ImportDeclaration | ts.ExportDeclaration): readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] {
  const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause
  if (bindings === undefined) return []
  if (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) return [...bindings.elements]
  return []
}

/** Names of types, and of what `typeof` and `extends` ask for. */
function namedIn(node: ts.Node): readonly string[] {
  const names: string[] = []
  const visit = (inner: ts.Node): void => {
    if (ts.isTypeReferenceNode(inner) || ts.isTypeQueryNode(inner)) names.push(firstOf(ts.isTypeQueryNode(inner) ? inner.exprName : inner.typeName))
    if (ts.isExpressionWithTypeArguments(inner) && ts.isIdentifier(inner.expression)) names.push(inner.expression.text)
    if (ts.isImportTypeNode(inner)) throw new Error(`${inner.getSourceFile().fileName} has ${inner.getText()}: import the type by its name`)
    ts.forEachChild(inner, visit)
  }
  visit(node)
  return names
}

const firstOf = (name: ts.EntityName): string => (ts.isIdentifier(name) ? name.text : firstOf(name.left))
