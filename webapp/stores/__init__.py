"""What is kept between visits, by subject: each works through the `Store` that it is given."""
