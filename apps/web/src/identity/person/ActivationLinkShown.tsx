import type { Instant } from '@throughline/kernel'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { OnceShown } from '../access/OnceShown.tsx'

interface ActivationLinkShownProps {
  /** Whose it is. */
  readonly name: string
  readonly activation: { readonly path: string; readonly expiresAt: Instant }
}

/** The one-time link of a person, to be handed over. */
export function ActivationLinkShown({ name, activation }: ActivationLinkShownProps): ReactElement {
  const until = formatInstant(activation.expiresAt, 'record', usePlantZone())
  return (
    <OnceShown
      label="One-time link"
      text={`${location.origin}${activation.path}`}
      note={`Give it to ${name} yourself. It works once, until ${until}, and is not shown again.`}
    />
  )
}
