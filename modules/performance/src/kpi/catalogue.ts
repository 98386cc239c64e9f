import { actualToPlannedScrapRatio } from './actual-to-planned-scrap-ratio.ts'
import { allocationEfficiency } from './allocation-efficiency.ts'
import { allocationRatio } from './allocation-ratio.ts'
import { availability } from './availability.ts'
import { effectiveness } from './effectiveness.ts'
import { fallOffRatio } from './fall-off-ratio.ts'
import { firstPassYield } from './first-pass-yield.ts'
import { inherentAvailability } from './inherent-availability.ts'
import type { Kpi } from './kpi.ts'
import { mtbf } from './mtbf.ts'
import { mtbfClassic } from './mtbf-classic.ts'
import { mttf } from './mttf.ts'
import { mttr } from './mttr.ts'
import { mttrClassic } from './mttr-classic.ts'
import { nee } from './nee.ts'
import { oee } from './oee.ts'
import { productionLossRatio } from './production-loss-ratio.ts'
import { productionProcessRatio } from './production-process-ratio.ts'
import { qualityRatio } from './quality-ratio.ts'
import { reworkRatio } from './rework-ratio.ts'
import { scrapRatio } from './scrap-ratio.ts'
import { setUpRatio } from './set-up-ratio.ts'
import { technicalEfficiency } from './technical-efficiency.ts'
import { teep } from './teep.ts'
import { throughputRate } from './throughput-rate.ts'
import { utilisationEfficiency } from './utilisation-efficiency.ts'

/** All KPIs, in the order in which people read them. */
export const kpis: readonly Kpi[] = [
  oee,
  nee,
  availability,
  effectiveness,
  qualityRatio,
  utilisationEfficiency,
  allocationRatio,
  allocationEfficiency,
  throughputRate,
  setUpRatio,
  technicalEfficiency,
  productionProcessRatio,
  actualToPlannedScrapRatio,
  firstPassYield,
  scrapRatio,
  reworkRatio,
  fallOffRatio,
  productionLossRatio,
  mtbf,
  mttf,
  mttr,
  mtbfClassic,
  mttrClassic,
  inherentAvailability,
  teep,
]
