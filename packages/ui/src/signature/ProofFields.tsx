import { PasswordInput, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import type { SigningMethod, SigningPreparation } from '@throughline/model'
import type { ReactElement } from 'react'
import type { SheetEntries } from './signature-words.ts'
import { methodLabel } from './signature-words.ts'

interface ProofFieldsProps {
  readonly entries: SheetEntries
  /** By field, what has to be put in. */
  readonly missing: Partial<Record<keyof SheetEntries, string>>
  readonly methods: readonly SigningMethod[]
  readonly components: SigningPreparation['components']
  readonly onChange: (change: Partial<SheetEntries>) => void
}

/** The reason, and the components that prove the signer. */
export function ProofFields({ entries, missing, methods, components, onChange }: ProofFieldsProps): ReactElement {
  const { method, reason } = entries
  return (
    <>
      <Textarea
        label="Reason"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={500}
        data-autofocus
        value={reason}
        error={missing.reason}
        onChange={(event) => onChange({ reason: event.currentTarget.value })}
      />
      {methods.length < 2 ? null : (
        <fieldset className="tl-sign-choice">
          <legend>Prove who you are with</legend>
          <SegmentedControl
            fullWidth
            value={method}
            onChange={(value) => onChange({ method: value as SigningMethod, secret: '' })}
            data={methods.map((each) => ({ value: each, label: methodLabel[each] }))}
          />
        </fieldset>
      )}
      {components === 'secret' && method !== 'passkey' ? (
        <p className="tl-sign-series">
          You go on signing in the same session: your {method === 'badge' ? 'PIN' : 'password'} is enough.
        </p>
      ) : null}
      {method === 'passkey' ? (
        <p className="tl-sign-series">Your device asks for your gesture when you sign. It signs this very sentence.</p>
      ) : (
        <div className="tl-sign-proof">
          <FirstComponent {...{ entries, missing, components, onChange }} />
          <PasswordInput
            label={method === 'badge' ? 'PIN' : 'Password'}
            autoComplete={method === 'badge' ? 'off' : 'current-password'}
            inputMode={method === 'badge' ? 'numeric' : 'text'}
            value={entries.secret}
            error={missing.secret}
            onChange={(event) => onChange({ secret: event.currentTarget.value })}
          />
        </div>
      )}
    </>
  )
}

/** What says who one is; the secret beside it shows that it is true. */
function FirstComponent({
  entries,
  missing,
  components,
  onChange,
}: Omit<ProofFieldsProps, 'methods'>): ReactElement | null {
  if (components === 'secret') return null
  if (entries.method === 'badge') {
    return (
      <PasswordInput
        label="Badge"
        autoComplete="off"
        value={entries.badge}
        error={missing.badge}
        onChange={(event) => onChange({ badge: event.currentTarget.value })}
      />
    )
  }
  return (
    <TextInput
      label="Name"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      value={entries.name}
      error={missing.name}
      onChange={(event) => onChange({ name: event.currentTarget.value })}
    />
  )
}
