import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fromMs, plusMs } from '@throughline/kernel'
import {
  listClasses,
  listCurrentStates,
  listLots,
  listNodes,
  listOrders,
  listStops,
  listTags,
} from '@throughline/model'
import { waitFor } from '@throughline/testkit'
import type { Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { chromiumOptions } from '../e2e/browser.ts'
import { live, signIn } from '../e2e/journeys/page.ts'
import { startPlant } from '../e2e/plant.ts'
import { signedIn } from '../e2e/signed-in.ts'
import { buildPagesIfStale, root } from './start/build-pages.ts'

/**
 * `npm run screens`: a picture of every page, light and dark, under `docs/screens/`, for a person to look at;
 * `npm run screens -- wall orders` of these only.
 */
const wanted = process.argv.slice(2)
const folder = join(root, 'docs/screens')
mkdirSync(folder, { recursive: true })
await buildPagesIfStale()
console.log('Starting a plant with four days of history …')
const plant = await startPlant({ backfillDays: 4, people: true })
const browser = await chromium.launch(chromiumOptions)
try {
  const call = await signedIn(plant, 'admin')
  const { tags } = await call(listTags, {})
  const idOf = (end: string): string => tags.find((tag) => tag.path.endsWith(end))?.id ?? ''
  const trendTags = ['br-01/temperature', 'br-01/dissolvedoxygen', 'br-01/ph'].map(idOf).filter((id) => id !== '')
  const classes = await call(listClasses, {})
  const classId = classes[0]?.id ?? ''
  const machines = await waitFor(
    async () => {
      const states = await call(listCurrentStates, {})
      return states.every(({ state }) => state === 'no-data') ? undefined : states
    },
    'a machine to be heard',
    120_000,
  )
  await waitFor(() => plant.console().includes('people did what'), 'people to have done what was to be done', 900_000)
  const now = fromMs(Date.now())
  const { stops } = await call(listStops, { window: { from: plusMs(now, -86_400_000), to: now }, limit: 1 })
  const machineId = machines[0]?.nodeId ?? ''
  const filling = 'aurora/bio/fill-finish'
  const nodes = await call(listNodes, {})
  const cutter = nodes.find(({ path }) => path === 'aurora/aero/composites/cutting/cut-01')?.id ?? ''
  const { orders } = await call(listOrders, { product: 'BRK-100', state: ['closed'], limit: 1 })
  const order = orders[0]?.code ?? ''
  const { lots: pieces } = await call(listLots, { ...(orders[0] && { orderId: orders[0].id }), material: 'BRK-100' })
  const piece = pieces[0]?.code ?? ''
  const { lots: rolls } = await call(listLots, { material: 'PPG-8552', search: 'PP-4' })
  const roll = rolls.at(-1)?.code ?? ''
  const pages: Readonly<Record<string, string>> = {
    overview: '/',
    equipment: '/equipment/aurora/bio/upstream/cell-culture/br-01',
    trend: `/trend?tags=${trendTags.join(',')}&last=8h`,
    tags: '/tags',
    diagnostics: '/diagnostics',
    'equipment-class': `/classes/${classId}`,
    people: '/people',
    'audit-trail': '/audit',
    'record-trail': `/audit/record/equipment.class_version/${classId}`,
    ledger: '/ledger',
    'who-am-i': '/me',
    machines: '/performance',
    oee: `/oee?node=${filling}&window=last-shift`,
    stops: '/stops?window=yesterday',
    stop: `/stops/${stops[0]?.id ?? ''}`,
    calls: '/andon?window=today',
    'stop-reasons': '/stop-reasons',
    'work-calendars': '/work-calendars',
    'planned-stops': '/planned-stops',
    lines: '/lines',
    'state-rules': '/state-rules',
    'product-standards': '/product-standards',
    station: `/station-stops/${machineId}`,
    wall: `/wall/${filling}`,
    alarms: '/alarms',
    'alarm-history': '/alarm-history?window=today',
    'alarm-key-figures': '/alarm-kpis?window=today',
    'master-alarm-database': '/alarm-definitions',
    'alarm-philosophy': '/alarm-philosophy',
    'alarm-rosters': '/alarm-rosters',
    stations: '/stations',
    orders: '/orders',
    order: `/orders/${order}`,
    work: `/work/${cutter}`,
    'work-codes': '/work-codes',
    'work-definitions': '/work-definitions',
    'work-definition': '/work-definitions/R-BRK-100',
    instructions: '/instructions',
    instruction: '/instructions/WI-LAYUP',
    materials: '/materials',
    material: '/materials/PPG-8552',
    'bills-of-material': '/bills-of-material',
    'bill-of-material': '/bills-of-material/BRK-100',
    lots: '/lots',
    lot: `/lots/${roll}`,
    genealogy: `/genealogy/${roll}`,
    'as-built': `/lots/${piece}/as-built`,
    recalls: '/recalls',
    deviations: '/deviations',
  }
  for (const scheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      baseURL: plant.url,
      colorScheme: scheme,
      viewport: { width: 1440, height: 900 },
    })
    await context.addInitScript((chosen) => localStorage.setItem('throughline-color-scheme', chosen), scheme)
    const page = await context.newPage()
    await page.goto('/sign-in')
    if (isWanted('sign-in')) await shoot(page, '/sign-in', `sign-in-${scheme}`)
    await signIn(page, 'admin')
    await live(page)
    for (const [name, path] of Object.entries(pages)) if (isWanted(name)) await shoot(page, path, `${name}-${scheme}`)
    await context.close()
  }
  const tablet = await browser.newContext({
    baseURL: plant.url,
    viewport: { width: 768, height: 1024 },
    storageState: await session(),
  })
  const onTablet = { overview: '/', station: `/station-stops/${machineId}`, work: `/work/${cutter}` }
  for (const [name, path] of Object.entries(onTablet)) {
    if (isWanted(name)) await shoot(await tablet.newPage(), path, `${name}-tablet`)
  }
} finally {
  await browser.close()
  await plant.stop()
}
process.exit(0)

function isWanted(name: string): boolean {
  return wanted.length === 0 || wanted.includes(name)
}

async function shoot(page: Page, path: string, name: string): Promise<void> {
  await page.goto(path)
  // Long enough for the first values and a sparkline; a picture has no condition to wait for.
  await page.waitForTimeout(4000)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(`docs/screens/${name}.png`)
}

async function session() {
  const context = await browser.newContext({ baseURL: plant.url })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await signIn(page, 'admin')
  await live(page)
  return context.storageState()
}
