import { describe, expect, test } from 'vitest'
import { loadingLine } from '../../src/cli/output/loading-line.ts'
import type { DocumentsProgress } from '../../src/protocol/documents.ts'

const workflow = (current?: DocumentsProgress['current']): DocumentsProgress => ({
  agentId: 'ada', loaded: 0, failed: 0, removed: 0, passages: 0, more: false, told: 0, ...(current && { current }),
})

describe('the line of a load', () => {
  test('counts what is given over, then what is through, and how far the large one is [documents:load]', () => {
    expect(loadingLine({ given: 3 }, 8)).toBe('giving over 3 of 8 files')
    expect(loadingLine({ given: 8, left: 4 }, 8)).toBe('[##########----------] 4 of 8 documents')
    const current = { name: 'report.pdf', hash: 'h', chunks: 900, done: 256 }
    expect(loadingLine({ given: 1, left: 1, workflow: workflow(current) }, 1)).toBe('[######--------------] 0 of 1 document · report.pdf: 256 of 900 passages')
    expect(loadingLine({ given: 1, left: 0, workflow: workflow() }, 1)).toBe('[####################] 1 of 1 document')
  })

  test('shows the end of a long name, and no escape sequence of one [documents:load]', () => {
    const current = (name: string) => loadingLine({ given: 1, left: 1, workflow: workflow({ name, hash: 'h', chunks: 2, done: 1 }) }, 1)
    expect(current(`${'deep/'.repeat(20)}report.pdf`)).toContain(' · …/deep/deep/deep/deep/report.pdf: 1 of 2 passages')
    expect(current(`a${String.fromCharCode(0x1b)}[2J.txt`)).toContain(' · a␛[2J.txt: ')
  })
})
