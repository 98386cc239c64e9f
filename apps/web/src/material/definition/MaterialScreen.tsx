import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { MaterialDefinition } from '@throughline/model'
import { fieldDifferences, listBoms, listMaterialDefinitions, retireMaterialDefinition } from '@throughline/model'
import { unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { VersionPage } from '../../execution/version/VersionPage.tsx'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { hoursText } from '../lot/lot-words.ts'
import { MaterialForm } from './MaterialForm.tsx'
import { controlWords, kindWords } from './material-draft.ts'

const route = getRouteApi('/app/materials/$code')

/** One material: its versions, who stands for them, what holds for its lots, and where it is built in. */
export function MaterialScreen(): ReactElement {
  const { code } = route.useParams()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const [writing, setWriting] = useState<MaterialDefinition | undefined>(undefined)
  const [retiring, setRetiring] = useState<MaterialDefinition | undefined>(undefined)
  const { data, error } = useQuery({ ...ask(listMaterialDefinitions, { code }), refetchInterval: makingRefreshMs })
  return (
    <>
      <VersionPage
        title={({ name }) => `${code}: ${name}`}
        code={code}
        above={<Link to="/materials">Materials</Link>}
        versions={data}
        error={error}
        search={route.useSearch()}
        onCompare={(version) => void navigate({ search: (before) => ({ ...before, with: version }) })}
        link={(version, text) => (
          <Link to="/materials/$code" params={{ code }} search={{ version }}>
            {text}
          </Link>
        )}
        actions={(newest, effective) => (
          <>
            <GuardedButton
              reason={denial('material.definition.write', 'write materials')}
              onClick={() => setWriting(newest)}
            >
              {newest.state === 'draft' ? 'Change the draft' : 'Write the next version'}
            </GuardedButton>
            {effective === undefined ? null : (
              <GuardedButton
                variant="default"
                reason={denial('material.definition.release', 'retire materials')}
                onClick={() => setRetiring(effective)}
              >
                Retire
              </GuardedButton>
            )}
          </>
        )}
        kind="material.definition"
        shows={[listMaterialDefinitions.name]}
        effect="With the last signature it is effective: lots that come in from then on are held to it."
        fields={(before, after) => fieldDifferences(ownFields(before), ownFields(after))}
        members={() => []}
        noun="Field"
      >
        {(shown) => (
          <>
            <MaterialFacts material={shown} />
            <BuiltIn code={code} />
          </>
        )}
      </VersionPage>
      {writing === undefined ? null : (
        <MaterialForm
          before={writing}
          onClose={() => setWriting(undefined)}
          onDrafted={({ version }) => void navigate({ search: { version } })}
        />
      )}
      {retiring === undefined ? null : (
        <TaskDialog
          title={`Retire ${code}`}
          verb="Retire"
          failure="The material was not retired"
          onSave={(reason) => client(retireMaterialDefinition, { definitionId: retiring.id, reason })}
          onClose={() => setRetiring(undefined)}
        >
          <p>No lot of it is received any more. Lots that there are keep their version.</p>
        </TaskDialog>
      )}
    </>
  )
}

const ownFields = (material: MaterialDefinition) => {
  const { name, kind, shelfLifeDays, outLifeSeconds, needsCertificate, quarantineOnReceipt, gtin } = material
  return { name, kind, shelfLifeDays, outLifeSeconds, needsCertificate, quarantineOnReceipt, gtin }
}

function MaterialFacts({ material }: { readonly material: MaterialDefinition }): ReactElement {
  const { version, kind, unit, control, shelfLifeDays, outLifeSeconds, gtin } = material
  return (
    <section className="performance-panel" aria-labelledby="material-facts">
      <h2 id="material-facts">What holds by version {version}</h2>
      <dl className="stop-facts">
        <dt>Kind</dt>
        <dd>{kindWords[kind]}</dd>
        <dt>Counted in</dt>
        <dd>{unitLabel(unit) || 'pieces'}</dd>
        <dt>Control</dt>
        <dd>{controlWords[control]}</dd>
        <dt>Shelf life</dt>
        <dd>{shelfLifeDays === null ? 'does not expire' : `${shelfLifeDays} days`}</dd>
        <dt>Out-life</dt>
        <dd>{outLifeSeconds === null ? 'does not age outside a cold store' : hoursText(outLifeSeconds)}</dd>
        <dt>Certificate</dt>
        <dd>{material.needsCertificate ? 'needed before a lot is issued' : 'not needed'}</dd>
        <dt>On receipt</dt>
        <dd>
          {material.quarantineOnReceipt ? 'into quarantine, until quality makes it available' : 'available at once'}
        </dd>
        <dt>GTIN</dt>
        <dd>{gtin ?? 'none'}</dd>
      </dl>
    </section>
  )
}

/** The bill of material of it, and those that it stands in. */
function BuiltIn({ code }: { readonly code: string }): ReactElement | null {
  const { data } = useQuery(ask(listBoms, {}))
  const own = data?.filter(({ product }) => product === code) ?? []
  const within = data?.filter(({ lines }) =>
    lines.some(({ material, alternates }) => material === code || alternates.some((each) => each === code)),
  )
  if (data === undefined) return null
  return (
    <section aria-labelledby="material-use">
      <h2 id="material-use">Where it is used</h2>
      {own.length === 0 ? null : (
        <p>
          <Link to="/bills-of-material/$product" params={{ product: code }}>
            Its bill of material
          </Link>
        </p>
      )}
      <p>
        {within?.length === 0 ? 'It is built into nothing.' : 'Built into '}
        {within?.map(({ id, product }) => (
          <Link key={id} className="making-place" to="/bills-of-material/$product" params={{ product }}>
            {product}
          </Link>
        ))}
      </p>
    </section>
  )
}
