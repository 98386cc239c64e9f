import type { RecordChange } from '@throughline/model'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { DifferenceList } from './DifferenceList.tsx'

const table = 'equipment.class_version'

/** What is read, without the marks of the page. */
function shown(rows: RecordChange['rows']): { text: string; html: string } {
  const html = renderToStaticMarkup(<DifferenceList rows={rows} timeText={() => 'at noon'} />)
  return { html, text: html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ') }
}

describe('a difference', () => {
  test('of a changed row names each field with what it was and what it is now', () => {
    const { text, html } = shown([{ table, before: { name: 'pump', rate: 40 }, after: { name: 'pump', rate: 55 } }])
    expect(text).toContain('± equipment class changed')
    expect(text).toContain('rate was 40 , is now 55')
    expect(text).not.toContain('pump')
    expect(html).toMatch(/<del><span>40<\/span><\/del>.*<ins><span>55<\/span><\/ins>/)
  })

  test('of a new and of a removed row says so in a word, not by colour alone', () => {
    const row = { name: 'pump', published_at: 1_795_334_400_000_000, note: null }
    const added = shown([{ table, before: null, after: row }]).text
    expect(added).toContain('+ equipment class added')
    expect(added).toContain('published at at noon')
    expect(added).not.toContain('note')
    const removed = shown([{ table, before: row, after: null }])
    expect(removed.text).toContain('− equipment class removed')
    expect(removed.html).toContain('<del><span>pump</span></del>')
  })

  test('in a long structure is folded, and holds all of it', () => {
    const long = 'x'.repeat(400)
    const { html, text } = shown([{ table, before: null, after: { text: long } }])
    expect(html).toContain('<details')
    expect(text).toContain('(400 characters: show all)')
    expect(html).toContain(long)
  })

  test('shows no markup of what was recorded as markup', () => {
    const { html } = shown([{ table, before: null, after: { name: '<img src=x onerror=alert(1)>' } }])
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img')
  })
})
