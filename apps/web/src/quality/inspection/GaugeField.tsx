import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { listAssets } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { unusable } from '../../equipment/asset/asset-words.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'

interface GaugeFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** What it was measured with; a gauge that may not be used is said to be one before anything is recorded. */
export function GaugeField({ value, onChange }: GaugeFieldProps): ReactElement {
  const now = useNow(30_000)
  const { data } = useQuery({ ...ask(listAssets, {}), staleTime: 60_000 })
  const gauges = data?.filter(({ kind, state }) => (kind === 'gauge' || kind === 'scale') && state !== 'retired')
  const code = value.trim().toLowerCase()
  const gauge = data?.find((each) => each.code.toLowerCase() === code)
  const problem = gauge === undefined ? undefined : unusable(gauge, now)
  return (
    <>
      <TextInput
        label="Measured with"
        description={
          code === '' || data === undefined
            ? 'Gauge or machine, by its code'
            : gauge === undefined
              ? 'No gauge is registered under this code'
              : problem === undefined
                ? 'In calibration, or needs none'
                : undefined
        }
        error={problem === undefined ? undefined : `Do not measure with it: ${problem}`}
        list="inspect-gauges"
        value={value}
        maxLength={60}
        autoComplete="off"
        onChange={({ currentTarget: { value: typed } }) => onChange(typed)}
      />
      <datalist id="inspect-gauges">
        {gauges?.map((each) => (
          <option key={each.id} value={each.code} />
        ))}
      </datalist>
    </>
  )
}
