import { NativeSelect } from '@mantine/core'
import type { FieldDifference } from '@throughline/model'
import { fieldWords, valueText } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import type { AnyVersion, MemberDifference } from './version-words.ts'
import './version.css'

interface VersionDifferenceProps {
  readonly versions: readonly AnyVersion[]
  readonly shown: AnyVersion
  readonly compared: AnyVersion | undefined
  readonly onCompare: (version: number) => void
  /** Fields of the definition itself. */
  readonly fields: readonly FieldDifference[]
  readonly members: readonly MemberDifference[]
  /** What a member is called: `Step`. */
  readonly noun: string
}

const signs = { added: '+', changed: '±', removed: '−', moved: '↕' } as const

/** What differs between the version that is shown and another one. */
export function VersionDifference(props: VersionDifferenceProps): ReactElement | null {
  const { versions, shown, compared, onCompare, fields, members, noun } = props
  const others = versions.filter(({ id }) => id !== shown.id)
  if (compared === undefined || others.length === 0) return null
  return (
    <section className="performance-panel" aria-labelledby="version-difference">
      <div className="performance-panel-head">
        <h2 id="version-difference">What differs from version {compared.version}</h2>
        <NativeSelect
          aria-label="Compared with"
          value={String(compared.version)}
          data={others.map(({ version }) => ({ value: String(version), label: `Version ${version}` }))}
          onChange={({ currentTarget: { value } }) => onCompare(Number(value))}
        />
      </div>
      {fields.length + members.length === 0 ? <p>Nothing differs.</p> : null}
      <ul className="version-differences">
        {fields.length === 0 ? null : (
          <li>
            <Difference title="The definition itself" kind="changed" fields={fields} />
          </li>
        )}
        {members.map((member) => (
          <li key={member.name}>
            <Difference title={`${noun} ${member.name}: ${member.kind}`} kind={member.kind} fields={member.fields} />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface DifferenceProps extends Pick<MemberDifference, 'kind' | 'fields'> {
  readonly title: string
}

function Difference({ title, kind, fields }: DifferenceProps): ReactElement {
  const timeZone = usePlantZone()
  const words = (value: unknown): string => valueText(value, (at) => formatInstant(at, 'record', timeZone))
  const told = kind === 'added' ? fields.filter(({ after }) => !isNothing(after)) : kind === 'removed' ? [] : fields
  return (
    <section className="version-difference" data-kind={kind === 'moved' ? 'changed' : kind}>
      <h3>
        <span className="version-difference-sign" aria-hidden="true">
          {signs[kind]}
        </span>{' '}
        {title}
      </h3>
      {told.length === 0 ? null : (
        <dl>
          {told.map((field) => (
            <div key={field.path.join('/')} className="version-difference-field">
              <dt>{fieldWords(field.path)}</dt>
              <dd>
                {field.kind === 'changed' ? (
                  <>
                    was <del>{words(field.before)}</del>, is now <ins>{words(field.after)}</ins>
                  </>
                ) : field.kind === 'added' ? (
                  <ins>{words(field.after)}</ins>
                ) : (
                  <del>{words(field.before)}</del>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

/** What a new part does not have tells nothing. */
const isNothing = (value: unknown): boolean =>
  value === null || value === false || (Array.isArray(value) && value.length === 0)
