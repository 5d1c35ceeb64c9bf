import { useQuery } from '@tanstack/react-query'
import { welcomeQuery } from '../../api/welcome.js'
import { AnnouncementText } from '../../parts/AnnouncementText.js'
import { Icon } from '../../parts/Icon.js'

/** What administrators warn everybody of, also who cannot sign in because of it. */
export function Warnings() {
  const { data } = useQuery(welcomeQuery)
  return data?.warnings.map((texts) => (
    <div key={JSON.stringify(texts)} className="note note-warn">
      <Icon name="exclamation-triangle" />
      <div>
        <AnnouncementText texts={texts} />
      </div>
    </div>
  ))
}
