import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import { Code, grantQualification, listQualifiable, listQualifications } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { localHint, localInstant, localText } from '../../performance/window/window-choice.ts'
import type { NamedQualification } from './qualification-words.ts'

interface GrantQualificationProps {
  /** What there is already: skills by their spelling. */
  readonly known: readonly NamedQualification[]
  readonly onClose: () => void
}

/** Records that somebody is qualified, by what evidence, from when until when; nobody qualifies themselves. */
export function GrantQualification({ known, onClose }: GrantQualificationProps): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const queryClient = useQueryClient()
  const timeZone = usePlantZone()
  const now = useNow(60_000)
  const persons = useQuery(ask(listQualifiable, {}))
  const [personId, setPersonId] = useState('')
  const [skill, setSkill] = useState('')
  const [evidence, setEvidence] = useState('')
  const [from, setFrom] = useState(() => localText(now, timeZone))
  const [to, setTo] = useState('')
  const [onlyFor, setOnlyFor] = useState('')
  const people = persons.data?.filter(({ id }) => id !== session.personId) ?? []
  const validFrom = localInstant(from, timeZone)
  const validTo = to.trim() === '' ? null : localInstant(to, timeZone)
  return (
    <TaskDialog
      title="Grant a qualification"
      verb="Grant"
      failure="The qualification was not granted"
      reason="none"
      check={() =>
        personId === ''
          ? 'Choose the person.'
          : !Code.safeParse(skill.trim()).success
            ? 'Give the skill as operations ask for it, such as NDT-UT-2.'
            : evidence.trim().length < 3
              ? 'Say by what it was earned: certificate, course, examiner.'
              : validFrom === undefined || validTo === undefined
                ? 'Give times such as 2026-11-22 14:05.'
                : undefined
      }
      onSave={async () => {
        if (validFrom === undefined) return
        await client(grantQualification, {
          ...{ personId, skill: skill.trim(), evidence: evidence.trim(), validFrom, validTo: validTo ?? null },
          onlyFor: onlyFor.trim() === '' ? null : onlyFor.trim(),
        })
        await queryClient.invalidateQueries({ queryKey: [listQualifications.name] })
      }}
      onClose={onClose}
    >
      <NativeSelect
        label="Person"
        description="Who may work at your places. Nobody qualifies themselves."
        error={persons.isError ? `People could not be listed: ${persons.error.message}` : undefined}
        value={personId}
        data={[
          { value: '', label: 'Choose' },
          ...people
            .map((each) => ({ value: each.id as string, label: nameOf(each) }))
            .toSorted((a, b) => a.label.localeCompare(b.label)),
        ]}
        onChange={({ currentTarget: { value } }) => setPersonId(value)}
      />
      <TextInput
        label="Skill"
        list="known-skills"
        value={skill}
        maxLength={60}
        onChange={({ currentTarget: { value } }) => setSkill(value)}
      />
      <datalist id="known-skills">
        {[...new Set(known.map((each) => each.skill as string))].sort().map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <TextInput
        label="Evidence"
        description="Certificate, course, examiner"
        value={evidence}
        maxLength={500}
        onChange={({ currentTarget: { value } }) => setEvidence(value)}
      />
      <TextInput
        label="From"
        description={localHint(timeZone)}
        value={from}
        onChange={({ currentTarget: { value } }) => setFrom(value)}
      />
      <TextInput
        label="Until"
        description="Not any more from then on; empty = without end"
        value={to}
        onChange={({ currentTarget: { value } }) => setTo(value)}
      />
      <TextInput
        label="Only for"
        description="One version of an instruction or operation, such as WI-LAYUP@2; empty = all"
        value={onlyFor}
        maxLength={100}
        onChange={({ currentTarget: { value } }) => setOnlyFor(value)}
      />
    </TaskDialog>
  )
}

/** Two people may have one printed name: the badge that they wear tells them apart. */
const nameOf = ({ name, printedName, badges }: { name: string; printedName: string; badges: readonly string[] }) =>
  `${printedName} (${name}${badges.length === 0 ? '' : `, badge …${badges.join(', …')}`})`
