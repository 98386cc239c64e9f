import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { RoleGrant } from '@throughline/model'
import { invitePerson, listPersons, PersonName } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../access/Dialog.tsx'
import { FormEnd } from '../access/FormEnd.tsx'
import { GrantsEditor } from '../access/GrantsEditor.tsx'
import { ActivationLinkShown } from './ActivationLinkShown.tsx'
import '../access/access.css'

interface Entry {
  readonly name: string
  readonly printedName: string
  readonly identityChecked: string
}

/** Makes an account: who it is for, how they were checked, what they may do. */
export function InviteDialog({ onClose }: { onClose: () => void }): ReactElement {
  const queryClient = useQueryClient()
  const [entry, setEntry] = useState<Entry>({ name: '', printedName: '', identityChecked: '' })
  const [grants, setGrants] = useState<RoleGrant[]>([{ role: 'operator', nodeId: null }])
  const [wrong, setWrong] = useState<Partial<Entry>>({})
  const invite = useMutation({
    mutationFn: () => client(invitePerson, { ...entry, grants }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [listPersons.name] }),
  })
  const field = (key: keyof Entry) => ({
    value: entry[key],
    error: wrong[key],
    onChange: (event: { currentTarget: { value: string } }) => setEntry({ ...entry, [key]: event.currentTarget.value }),
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const found = problemsOf(entry)
    setWrong(found)
    if (Object.keys(found).length === 0) invite.mutate()
  }

  const made = invite.data
  return (
    <Dialog
      size="lg"
      onClose={onClose}
      title={made === undefined ? 'Invite a person' : `${made.person.printedName} has an account`}
    >
      {made === undefined ? (
        <form className="access-form" onSubmit={onSubmit}>
          <TextInput
            label="Printed name"
            description="As it stands on signatures and documents."
            maxLength={120}
            data-autofocus
            {...field('printedName')}
          />
          <TextInput
            label="Sign-in name"
            description="Never used again, also after the person has left."
            autoCapitalize="none"
            spellCheck={false}
            {...field('name')}
          />
          <Textarea
            label="How you know that it is them"
            description="What was seen, where and by whom: badge office, passport seen."
            rows={2}
            maxLength={500}
            {...field('identityChecked')}
          />
          <GrantsEditor grants={grants} onChange={setGrants} />
          <p className="tl-dim">Another person approves the account; then there is a one-time link for the person.</p>
          <FormEnd save={invite} failure="The account was not made" verb="Invite" onCancel={onClose} />
        </form>
      ) : (
        <div className="access-form">
          {made.activation === null ? (
            <p>
              The account awaits approval by another person: quality, a manager or another administrator. They get the
              one-time link when they approve.
            </p>
          ) : (
            <ActivationLinkShown name={made.person.printedName} activation={made.activation} />
          )}
          <div className="access-actions">
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function problemsOf(entry: Entry): Partial<Entry> {
  const name = PersonName.safeParse(entry.name)
  return {
    ...(entry.printedName.trim() === '' ? { printedName: 'Give the name as it is printed.' } : {}),
    ...(name.success ? {} : { name: 'Use 2 to 60 lower-case letters, digits, ".", "-" or "_".' }),
    ...(entry.identityChecked.trim().length < 3 ? { identityChecked: 'Say how the person was checked.' } : {}),
  }
}
