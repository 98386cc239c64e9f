/** How an alarm is drawn: the shape and number of its priority, blinking until it is acknowledged. */
export { AlarmMark } from './alarm/AlarmMark.tsx'
/** What a change did to a record, field by field. */
export { DifferenceList } from './difference/DifferenceList.tsx'
/** A number as people read it: fixed decimals, thin-space grouping, true minus, the locale's decimal sign; not finite gives `—`. */

/** A value with its unit, and a value of any data type as text. */
export { NumberText, valueText } from './format/NumberText.tsx'
export { decimalsOfStep, formatNumber } from './format/number.ts'
/** Instants on a zone's wall clock in 24 h, and durations in their two largest units. */
export { formatDuration, formatInstant, type InstantStyle, zoneOffsetMin } from './format/time.ts'
/** The label people know for a UCUM code: `Cel` → `°C`. */
export { unitLabel } from './format/unit-label.ts'
/** The moving analog indicator: bar, normal band, pointer, number, last ten minutes. */
export { AnalogIndicator } from './indicator/AnalogIndicator.tsx'
/** Where a value stands against its normal band and its instrument's range. */
export { type Excursion, excursionOf, type IndicatorRange, type SparkPoint } from './indicator/indicator-scale.ts'
/** The inked shape of an ISA-18.2 priority. */
export { type AlarmPriority, PriorityShape } from './indicator/PriorityShape.tsx'
/** One KPI with its definition behind it; a figure, its range and a difference of two in words. */
export { KpiCard } from './kpi/KpiCard.tsx'
export { kpiDifference, kpiRangeText, kpiText } from './kpi/kpi-text.ts'
/** What cost most, largest first. */
export { Pareto } from './loss/Pareto.tsx'
export { type ParetoBar, type ParetoItem, paretoBars } from './loss/pareto.ts'
/** From a whole down, step by step, to what is left of it. */
export { Waterfall } from './loss/Waterfall.tsx'
export { type WaterfallBar, waterfallBars } from './loss/waterfall.ts'
/** What would be here, why it is not, one action. */
export { EmptyState } from './notice/EmptyState.tsx'
/** A failure: what failed, why, what to do, the reference to quote. */
export { ProblemNotice } from './notice/ProblemNotice.tsx'
/** The facts of a failure, for places that say them in their own way. */
export { type ProblemFacts, problemFacts } from './notice/problem-facts.ts'
/** Live, stale or offline, with the data time. */
export { DataAge } from './quality/DataAge.tsx'
/** The mark of a value that is not good: `~`, a clock, `—`, `?`, each with its reason; and its bare sign. */
export { QualityGlyph, QualityMark } from './quality/QualityMark.tsx'
/** How far a shown value may be trusted, given its status code and the state of the line. */
export { type LineState, lineStateOf, type QualityState, qualityStateOf } from './quality/quality-state.ts'
/** An OPC UA status code in words. */
export { statusText } from './quality/status-text.ts'
/** The signatures of a record, with what is missing, void or altered. */
export { SignatureBlock } from './signature/SignatureBlock.tsx'
/** The one sheet on which everything is signed. */
export { type GivenSignature, SignatureSheet } from './signature/SignatureSheet.tsx'
/** The machine states and the PackML names behind them. */
export { type MachineState, machineStateOf, machineStateWords, type StateSpan } from './state/machine-state.ts'
/** One machine state: colour, pattern, glyph and word. */
export { StateChip } from './state/StateChip.tsx'
/** Machine states over time, of which one can be picked by pointer or keyboard; and one of them in words. */
export { StatePicker, spanText } from './state/StatePicker.tsx'
/** Machine states over time, one band. */
export { StateStrip } from './state/StateStrip.tsx'
/** A plain table of rows by columns. */
export { type DataColumn, DataTable } from './table/DataTable.tsx'
/** Mantine's theme, fixed by the design tokens. */
export { cssVariablesResolver, theme } from './theme/theme.ts'
/** An occurrence of an alarm on the time axis of a chart. */
export type { AlarmOnTrend } from './trend/alarm-marks.ts'
/** Trends by unit in lanes, with envelope, gaps, cursor and zoom. */
export { TrendChart } from './trend/TrendChart.tsx'
/** Series as columns on one time axis, gaps as breaks; and what a chart must say of its aggregation. */
export { aggregationText, type TrendTrace, trendColumns } from './trend/trend-columns.ts'
/** A chart's window, zoomed and moved. */
export { type ChartWindow, panned, zoomed } from './trend/window-moves.ts'
