/**
 * Makes the pictures of docs/page.md: agents that the simulated model plays, on a stack of their own, as Chromium shows them. Needs Chromium
 * on PATH, and a build.
 *
 *   npm run page:pictures [-- folder]
 *
 * With a folder it makes there some more that no document shows, to be looked at.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { createClient, type HttpClient } from '../clients/typescript/src/index.ts'
import { findChromium } from '../test/servers/chromium.ts'
import { isUnavailable } from '../test/servers/require-server.ts'

interface Picture {
  readonly name: string
  readonly path: string
  readonly width: number
  readonly height: number
  readonly dark?: true
  /** Not in the document. */
  readonly more?: true
  /** What is there before the picture is taken. */
  readonly shows: string
  readonly then?: (page: Page) => Promise<void>
}

const wide = { width: 960, height: 620 }
const narrow = { width: 360, height: 640 }
const tall = { width: 1_100, height: 2_000 }

const editModel = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Edit model and window' }).click()
  await page.getByLabel('Context window').fill('1000')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('invalid-argument').waitFor()
}

/** So that the picture begins with a message. */
const readFromChange = async (page: Page): Promise<void> => {
  const [message, conversation] = await Promise.all([page.getByText('By the way').boundingBox(), page.locator('.scroller').boundingBox()])
  if (message === null || conversation === null) throw new Error('the message is not on the page')
  await page.mouse.move(conversation.x + 10, conversation.y + 10)
  await page.mouse.wheel(0, message.y - conversation.y - 24)
}

const openChange = async (page: Page): Promise<void> => {
  await page.locator('.changes summary').first().click()
  await page.locator('.changes').scrollIntoViewIfNeeded()
}

const leaveUnsaved = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Edit human' }).click()
  await page.getByLabel('What is in human').fill('Lives in Faro')
  await page.getByRole('link', { name: 'Time' }).click()
  await page.getByRole('dialog').waitFor()
}

const pictures: readonly Picture[] = [
  { name: 'agents', path: '/', ...wide, shows: 'clockmaker' },
  { name: 'agents-dark', path: '/', ...wide, dark: true, shows: 'clockmaker', more: true },
  { name: 'agents-narrow', path: '/', ...narrow, shows: 'clockmaker', more: true },
  { name: 'new-agent', path: '/', ...wide, shows: 'clockmaker', more: true, then: (page) => page.getByRole('button', { name: 'New agent' }).click() },
  { name: 'chat', path: '/agents/ada/chat', ...wide, shows: 'blue clock', then: readFromChange },
  { name: 'chat-dark', path: '/agents/ada/chat', ...wide, dark: true, shows: 'blue clock', more: true },
  { name: 'chat-narrow', path: '/agents/ada/chat', ...narrow, dark: true, shows: 'blue clock' },
  { name: 'memory', path: '/agents/ada/memory/blocks/human', ...wide, shows: 'Compare from' },
  { name: 'memory-dark', path: '/agents/ada/memory/blocks/human', ...wide, dark: true, shows: 'Compare from', more: true },
  { name: 'memory-narrow', path: '/agents/ada/memory/blocks/human', ...narrow, shows: 'Compare from', more: true },
  { name: 'memory-search', path: '/agents/ada/memory/search?q=boathouse+key', ...wide, shows: 'put away by the agent' },
  { name: 'memory-search-narrow', path: '/agents/ada/memory/search?q=boathouse+key', ...narrow, dark: true, shows: 'put away by the agent', more: true },
  { name: 'definition', path: '/agents/ada/definition', ...wide, shows: 'So far it has used' },
  { name: 'definition-dark', path: '/agents/ada/definition', ...tall, dark: true, shows: 'So far it has used', more: true },
  { name: 'definition-narrow', path: '/agents/ada/definition', ...narrow, height: 2_600, shows: 'So far it has used', more: true },
  { name: 'definition-edit', path: '/agents/ada/definition', ...tall, shows: 'So far it has used', more: true, then: editModel },
  { name: 'definition-edit-narrow', path: '/agents/ada/definition', ...narrow, dark: true, height: 1_800, shows: 'So far it has used', more: true, then: editModel },
  { name: 'definition-tools', path: '/agents/clockmaker/definition', ...tall, shows: 'So far it has used', more: true, then: (page) => page.getByRole('button', { name: 'Edit tools and approvals' }).click() },
  { name: 'definition-block', path: '/agents/ada/definition', ...tall, shows: 'So far it has used', more: true, then: (page) => page.getByRole('button', { name: 'Attach blocks' }).click() },
  { name: 'definition-versions', path: '/agents/ada/definition/versions/1/3', ...wide, shows: 'Compare from' },
  { name: 'definition-versions-narrow', path: '/agents/ada/definition/versions', ...narrow, dark: true, shows: 'Compare from', more: true },
  { name: 'context', path: '/agents/ada/context', ...wide, shows: 'The very prompt' },
  { name: 'context-dark', path: '/agents/ada/context', ...wide, dark: true, shows: 'The very prompt', more: true },
  { name: 'context-narrow', path: '/agents/ada/context/2/1', ...narrow, shows: 'The very prompt', more: true },
  { name: 'time', path: '/agents/ada/time', ...wide, shows: 'Inference' },
  { name: 'time-narrow', path: '/agents/ada/time', ...narrow, dark: true, shows: 'Inference', more: true },
  { name: 'time-changes', path: '/agents/ada/time', ...wide, shows: 'Inference', more: true, then: openChange },
  { name: 'documents', path: '/agents/archivist/memory/documents', ...wide, shows: 'harbour.md', then: (page) => page.getByRole('button', { name: 'Show its passages' }).click() },
  { name: 'documents-narrow', path: '/agents/archivist/memory/documents', ...narrow, dark: true, shows: 'harbour.md', more: true },
  { name: 'keys', path: '/keys', ...wide, shows: 'There is no key yet', then: (page) => page.getByRole('button', { name: 'New key' }).click() },
  { name: 'leave-question', path: '/agents/ada/memory', ...narrow, dark: true, shows: 'Lives in Porto', more: true, then: leaveUnsaved },
  { name: 'approval', path: '/agents/clockmaker/chat', ...wide, shows: 'May it call' },
  { name: 'approval-narrow', path: '/agents/clockmaker/chat', ...narrow, shows: 'May it call', more: true },
]

const conversation = [
  "Hello! I'm Ada, and I live in Lisbon.",
  'By the way, I live in Porto.',
  'Remember that the key of the boathouse hangs behind the blue clock.',
  'Where did the key of the boathouse hang originally?',
]

async function play(client: HttpClient): Promise<void> {
  await client.create({ id: 'ada', name: 'Ada’s companion', description: 'Remembers what Ada tells', tags: ['home'], human: 'Somebody who keeps a boathouse.' })
  for (const text of conversation) await client.send('ada', text)
  await client.update('ada', { instructions: 'Answer in the language that Ada writes in.\nName the day of what you remember.', sampling: { temperature: 0.4 } })
  await client.update('ada', { instructions: 'Answer in the language that Ada writes in.\nName the day and the place of what you remember.', budget: { steps: 30 }, blocks: { plans: { description: 'What Ada means to do, and until when.' } } }, { author: 'ada' })
  await client.create({ id: 'clockmaker', tags: ['workshop'], approval: ['core_memory_append', 'core_memory_replace'] })
  await client.send('clockmaker', 'My name is Grace, and I repair clocks.')
  await client.create({ id: 'gardener', tags: ['home'], description: 'Knows what grows where' })
  await client.send('gardener', 'Remember that the roses stand by the south wall.')
  await client.create({ id: 'archivist', description: 'Reads what is loaded' })
  await client.loadDocuments('archivist', [{ name: 'harbour.md', bytes: new TextEncoder().encode('# The harbour\n\nBoats of up to nine metres lie at the east pier.\n\n## Keys\n\nThe key of the boathouse hangs behind the blue clock.') }])
}

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/page', import.meta.url))
const browserFound = await findChromium()
if (isUnavailable(browserFound)) throw new Error(browserFound.unavailable)
mkdirSync(folder, { recursive: true })
const home = mkdtempSync(join(tmpdir(), 'perdure-pictures-'))
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const stack = spawn(process.execPath, [fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)), 'serve'], {
  env: { ...process.env, PERDURE_HOME: home, PERDURE_HTTP_ADDRESS: `127.0.0.1:${port}` },
  stdio: ['ignore', 'ignore', 'inherit'],
})
try {
  // A busy machine takes minutes to start a stack.
  const client = createClient({ url, patienceMs: 300_000 })
  await play(client)
  const browser = await chromium.launch({ executablePath: browserFound.path, headless: true, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
  for (const { name, path, width, height, dark, shows, then } of pictures.filter(({ more }) => more !== true || process.argv[2] !== undefined)) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark === true ? 'dark' : 'light', reducedMotion: 'reduce' })
    await page.goto(url + path)
    await page.getByText(shows).first().waitFor()
    await then?.(page)
    // What comes a moment later, as figures of the list.
    await sleep(1_500)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    await page.close()
    console.log(`${name}.png`)
  }
  await browser.close()
} finally {
  stack.kill('SIGTERM')
  await once(stack, 'exit')
  rmSync(home, { recursive: true, force: true, maxRetries: 10 })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
