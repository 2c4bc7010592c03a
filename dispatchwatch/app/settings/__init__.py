"""What a person sees and changes of the configuration: the file while it is edited, the fields of its forms, its rules
in words, and what another policy would have done. Nothing here draws anything.
"""
