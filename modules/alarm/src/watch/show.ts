import type { Show } from '../condition/judge.ts'
import type { AlarmTag } from '../definition/plant.ts'

/** Shows values of a tag as people read them: six digits that matter, the tag's decimals, its unit. */
export function showOf(tag: Pick<AlarmTag, 'unit' | 'decimals'> | undefined): Show {
  const unit = unitText(tag?.unit ?? '1')
  return (value) => {
    const short = Number(value.toPrecision(6))
    const decimals = String(short).split('.')[1]?.length ?? 0
    const plain =
      decimals < (tag?.decimals ?? 0) && Number.isFinite(short) ? short.toFixed(tag?.decimals ?? 0) : String(short)
    const text = plain.replaceAll('-', '−')
    return unit === '' ? text : `${text} ${unit}`
  }
}

/** The UCUM codes that read strangely; the others are what people write. */
const unitText = (code: string): string =>
  code === '1' ? '' : code.replace(/\bCel\b/, '°C').replace(/\bu(?=[A-Za-z])/, 'µ')
