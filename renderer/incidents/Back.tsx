/** Back to the list of incidents. */
import { ChevronLeft } from 'lucide-react';
import { Button } from '../components/Button.tsx';
import { openIncidents } from '../state/view.ts';

export const Back = () => (
  <Button
    variant="quiet"
    icon={<ChevronLeft />}
    aria-label="All incidents"
    title="All incidents (Esc)"
    onClick={() => openIncidents({ kind: 'list' })}
  />
);
