/**
 * Keeps a bug in one part of the page from taking the rest away: that part says so and offers to load the page anew. A wall, where nobody
 * clicks, does so by itself.
 */
import { Component, type ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

interface FenceProps {
  children: ReactNode;
  /** After so many ms the page is loaded anew by itself. */
  reloadAfterMs?: number;
}

export class Fence extends Component<FenceProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(): void {
    const { reloadAfterMs } = this.props;
    if (reloadAfterMs !== undefined) setTimeout(() => location.reload(), reloadAfterMs);
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Notice tone="bad" title="This part cannot be shown." actions={<Button onClick={() => location.reload()}>Load the page anew</Button>}>
        Something went wrong inside Nightdesk. The watching goes on, and nothing that was written is lost.
      </Notice>
    );
  }
}
