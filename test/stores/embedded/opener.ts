import { openEmbeddedStores } from '../../../src/stores/embedded/open.ts'

const [file = ''] = process.argv.slice(2)
await (await openEmbeddedStores({ file })).close()
