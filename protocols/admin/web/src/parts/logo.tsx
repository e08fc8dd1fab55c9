// The door that one enters by the back.
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M9 26V14a7 7 0 0 1 14 0v12M6 26h20" />
      <circle cx="19" cy="19" r="1.7" />
    </svg>
  );
}
