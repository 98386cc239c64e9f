import type { AlarmKpis } from '@throughline/model'
import { formatNumber } from '@throughline/ui'

/** One figure beside its target, and whether it meets it. */
export interface JudgedFigure {
  readonly name: string
  readonly figure: string
  readonly target: string
  readonly met: boolean | null
}

const percent = (share: number, decimals = 0): string => `${formatNumber(share * 100, decimals)}\u202f%`

/** The figures that have a target, in the order of the standard's table. `topTenTarget` = of the philosophy; undefined until it is read. */
export function judgedFigures(kpis: AlarmKpis, topTenTarget: number | undefined): readonly JudgedFigure[] {
  const { perTenMinutes, flood, stale, chattering, topTen } = kpis
  const topShare = topTen.reduce((sum, { share }) => sum + share, 0)
  return [
    {
      name: 'Alarms in ten minutes, per operator',
      figure: `${formatNumber(perTenMinutes.average, 2)} on average, ${formatNumber(perTenMinutes.highest, 0)} at most`,
      target: `${formatNumber(perTenMinutes.target, 1)} on average`,
      met: perTenMinutes.average <= perTenMinutes.target,
    },
    {
      name: 'Time in floods',
      figure: `${percent(flood.share, 1)}, ${flood.floods.length} ${flood.floods.length === 1 ? 'flood' : 'floods'}`,
      target: `at most ${percent(flood.target, 1)}`,
      met: flood.share <= flood.target,
    },
    { name: 'Chattering alarms', figure: String(chattering.length), target: 'none', met: chattering.length === 0 },
    { name: 'Stale alarms', figure: String(stale.length), target: 'none', met: stale.length === 0 },
    {
      name: 'The ten most frequent',
      figure: topTen.length === 0 ? '—' : `${percent(topShare)} of all`,
      target: topTenTarget === undefined ? '—' : `at most ${percent(topTenTarget)}`,
      met: topTen.length === 0 || topTenTarget === undefined ? null : topShare <= topTenTarget,
    },
  ]
}

/** How a figure stands to its target, in words. */
export const metWords = (met: boolean | null): string => (met === null ? '' : met ? 'met' : 'missed')

/** How long people took, in words; without any acknowledgement there is no figure. */
export function acknowledgedText({ median, p95 }: AlarmKpis['secondsToAcknowledge']): string {
  if (median === null || p95 === null) return 'From occurrence to acknowledgement: — (none was acknowledged).'
  return `From occurrence to acknowledgement: ${secondsText(median)} in the middle, ${secondsText(p95)} for 95 of 100.`
}

function secondsText(seconds: number): string {
  if (seconds < 120) return `${formatNumber(seconds, 0)}\u202fs`
  return `${formatNumber(seconds / 60, 0)}\u202fmin`
}
