import { readPdf } from '@throughline/testkit'
import { expect, test } from 'vitest'
import { Sheet } from './sheet.ts'

const about = { title: 'Dies', subject: 'dies', author: 'plant', producer: 'Throughline', at: 1e15 as never }
const columns = [
  { title: 'Die', share: 1 },
  { title: 'Remark', share: 3 },
]

async function pagesWith(rows: readonly (readonly string[])[]): Promise<readonly string[]> {
  const sheet = new Sheet(about)
  sheet.table(columns, rows)
  return readPdf(await sheet.finish('dies')).pages
}

test('a table repeats its header on every page, and no row is lost or cut', async () => {
  const rows = Array.from({ length: 120 }, (_, n) => [`D-${n}`, `remark ${n} ${'goes on '.repeat(n % 30)}end ${n}.`])
  const pages = await pagesWith(rows)
  expect(pages.length).toBeGreaterThan(2)
  for (const page of pages) expect(page).toMatch(/^Die Remark /)
  for (let n = 0; n < 120; n += 1) {
    expect(pages.filter((page) => page.includes(`D-${n} remark ${n} `) && page.includes(`end ${n}.`))).toHaveLength(1)
  }
})

test('a row that no page could hold flows over the pages, whole', async () => {
  const pages = await pagesWith([
    ['D-1', 'short'],
    ['D-2', `${'\u4e2d '.repeat(2000)}the end`],
    ['D-3', 'after'],
  ])
  const text = pages.join(' ')
  expect(text.match(/‹U\+4E2D›/g)).toHaveLength(2000)
  expect(text).toMatch(/the end.*D-3 after/)
})
