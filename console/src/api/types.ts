export interface Money { minor: string; currency: string }
