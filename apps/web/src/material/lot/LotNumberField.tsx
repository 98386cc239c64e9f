import { TextInput } from '@mantine/core'
import type { ReactElement } from 'react'

interface LotNumberFieldProps {
  readonly value: string
  readonly onChange: (code: string) => void
}

/** What a new lot will be called. */
export const LotNumberField = ({ value, onChange }: LotNumberFieldProps): ReactElement => (
  <TextInput
    label="Lot number"
    description="Empty: the next number of the plant."
    value={value}
    maxLength={60}
    onChange={({ currentTarget }) => onChange(currentTarget.value)}
  />
)
